/**
 * `<copy-text>` around a field that is only read and a hidden button `data-copy`: where the browser
 * lets pages write to the clipboard the button appears, and says with `data-copied` that it was done.
 */
export class CopyText extends HTMLElement {
  connectedCallback(): void {
    const button = this.querySelector<HTMLButtonElement>("[data-copy]");
    if (!button || !navigator.clipboard) return;
    button.hidden = false;
    button.addEventListener("click", this.copy);
  }

  disconnectedCallback(): void {
    this.querySelector("[data-copy]")?.removeEventListener("click", this.copy);
  }

  private readonly copy = (): void => {
    const field = this.querySelector("input");
    if (!field) return;
    field.select();
    void navigator.clipboard.writeText(field.value).then(() => this.tell());
  };

  private tell(): void {
    const words = this.querySelector<HTMLElement>("[data-copied]");
    if (words) words.textContent = words.dataset["copied"] ?? "";
  }
}

customElements.define("copy-text", CopyText);
