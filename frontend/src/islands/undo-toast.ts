/**
 * `<undo-toast seconds="30">` around one message. The form in it that undoes the act counts down in
 * `[data-left]` and goes away at zero, as the server would refuse it then; the message itself stays
 * while it is hovered or focused. A toast without `seconds` stays until it is closed.
 */
export class UndoToast extends HTMLElement {
  private left = 0;
  private timer: ReturnType<typeof setInterval> | undefined;

  connectedCallback(): void {
    this.left = Number(this.getAttribute("seconds") ?? 0);
    this.addEventListener("click", this.close);
    if (this.left > 0) {
      this.show();
      this.timer = setInterval(this.tick, 1000);
    }
  }

  disconnectedCallback(): void {
    clearInterval(this.timer);
    this.removeEventListener("click", this.close);
  }

  private readonly tick = (): void => {
    this.left -= 1;
    if (this.left > 0) return this.show();
    const undo = this.querySelector("form[data-undo]");
    if (undo?.contains(document.activeElement)) document.getElementById("main")?.focus();
    undo?.remove();
    if (this.matches(":hover")) return;
    this.remove();
  };

  private show(): void {
    const place = this.querySelector("[data-left]");
    if (place) place.textContent = String(this.left);
  }

  private readonly close = (event: Event): void => {
    const target = event.target;
    if (target instanceof Element && target.closest("[data-close]")) this.remove();
  };
}

customElements.define("undo-toast", UndoToast);
