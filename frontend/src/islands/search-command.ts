import { isTyping } from "../keyboard";

/**
 * `<search-command>` around the search form: "/" focuses the field, the arrows walk the results
 * that HTMX put into `[role=listbox]`, Enter opens the chosen one (or sends the form for the full
 * page of results), Escape closes. The focus stays in the field, so typing can go on at any time.
 */
export class SearchCommand extends HTMLElement {
  private chosen = -1;
  private observer: MutationObserver | undefined;

  connectedCallback(): void {
    document.addEventListener("keydown", this.onSlash);
    document.addEventListener("pointerdown", this.onOutside);
    this.addEventListener("keydown", this.onKey);
    this.observer = new MutationObserver(() => this.choose(-1));
    this.observer.observe(this, { childList: true, subtree: true });
  }

  disconnectedCallback(): void {
    document.removeEventListener("keydown", this.onSlash);
    document.removeEventListener("pointerdown", this.onOutside);
    this.removeEventListener("keydown", this.onKey);
    this.observer?.disconnect();
  }

  private get input(): HTMLInputElement | null {
    return this.querySelector("input[type='search']");
  }

  private get list(): HTMLElement | null {
    return this.querySelector("[role='listbox']");
  }

  private get options(): HTMLElement[] {
    return [...this.querySelectorAll<HTMLElement>("[role='option']")];
  }

  private readonly onSlash = (event: KeyboardEvent): void => {
    if (event.key !== "/" || isTyping(event)) return;
    event.preventDefault();
    this.input?.focus();
    this.input?.select();
  };

  private readonly onOutside = (event: Event): void => {
    if (event.target instanceof Node && !this.contains(event.target)) this.close();
  };

  private readonly onKey = (event: KeyboardEvent): void => {
    const count = this.options.length;
    if (event.isComposing || event.target !== this.input) return;
    if (event.key === "Escape") return this.escape(event);
    if (count === 0) return this.reopen(event);
    if (event.key === "ArrowDown") return this.walk(event, (this.chosen + 1) % count);
    if (event.key === "ArrowUp") return this.walk(event, this.chosen <= 0 ? count - 1 : this.chosen - 1);
    if (event.key === "Enter" && this.chosen >= 0) {
      event.preventDefault();
      this.options[this.chosen]?.click();
    }
  };

  /** After Escape the arrow down asks for the results again. */
  private reopen(event: KeyboardEvent): void {
    if (event.key !== "ArrowDown" || !this.input?.value.trim()) return;
    event.preventDefault();
    this.input.dispatchEvent(new Event("reopen"));
  }

  private walk(event: KeyboardEvent, index: number): void {
    event.preventDefault();
    this.choose(index);
    this.options[index]?.scrollIntoView({ block: "nearest" });
  }

  private choose(index: number): void {
    this.chosen = index;
    const options = this.options;
    options.forEach((option, at) => {
      option.id ||= `search-option-${at}`;
      option.setAttribute("aria-selected", String(at === index));
    });
    this.input?.setAttribute("aria-expanded", String(options.length > 0));
    const active = options[index]?.id;
    if (active) this.input?.setAttribute("aria-activedescendant", active);
    else this.input?.removeAttribute("aria-activedescendant");
  }

  private escape(event: KeyboardEvent): void {
    if (this.options.length === 0) return this.input?.blur();
    event.preventDefault();
    this.close();
  }

  private close(): void {
    this.list?.replaceChildren();
    this.choose(-1);
  }
}

customElements.define("search-command", SearchCommand);
