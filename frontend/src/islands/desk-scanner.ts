const LONGEST_TAG = 120;
/** Not spaces: labels such as "Yard gate 1" have them. The server splits what is no label. */
const BETWEEN = /[\n\r\t,;]+/;
const MOST_TAGS = 200;

/**
 * `<desk-scanner>` turns the desk's text area into a scanner's field: what a scanner types is split
 * at Enter, Tab, line ends, commas and semicolons, each tag goes once into `[data-scanned]` as a copy of the
 * `<template>` with a hidden input, and the form hears a `scanned` event (HTMX asks the server what
 * the tags mean). A tag that is not taken is named in `[data-refused]`, in the words of
 * `data-twice`, `data-long` and `data-full`. Enter in the empty field sends the form.
 */
export class DeskScanner extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("keydown", this.onKey);
    this.addEventListener("input", this.onInput);
    this.addEventListener("click", this.onClick);
  }

  disconnectedCallback(): void {
    this.removeEventListener("keydown", this.onKey);
    this.removeEventListener("input", this.onInput);
    this.removeEventListener("click", this.onClick);
  }

  private get field(): HTMLTextAreaElement | HTMLInputElement | null {
    return this.querySelector("[data-scan-field]");
  }

  private get list(): Element | null {
    return this.querySelector("[data-scanned]");
  }

  private get tags(): string[] {
    const inputs = this.list?.querySelectorAll("input") ?? [];
    return [...inputs].map((input) => input.value.toUpperCase());
  }

  private readonly onKey = (event: Event): void => {
    if (event.target !== this.field) return;
    if (!(event instanceof KeyboardEvent) || event.isComposing) return;
    if (event.key !== "Enter" && event.key !== "Tab") return;
    const text = this.field?.value.trim() ?? "";
    if (text === "" && event.key === "Tab") return;
    event.preventDefault();
    if (text === "") this.send();
    else this.take(text);
  };

  /** Sends the form as its first button would, as Enter does in any other field. */
  private send(): void {
    const form = this.field?.form;
    form?.requestSubmit(form.querySelector<HTMLElement>("button[type='submit']"));
  }

  /** A pasted list, or a scanner that ends with a line end instead of a key. */
  private readonly onInput = (event: Event): void => {
    if (event.target !== this.field) return;
    if (event instanceof InputEvent && event.isComposing) return;
    const text = this.field?.value ?? "";
    if (BETWEEN.test(text.trimStart())) this.take(text);
  };

  private take(text: string): void {
    const refusals = text.split(BETWEEN).map((tag) => tag.trim()).filter(Boolean).map((tag) => this.add(tag));
    if (this.field) this.field.value = "";
    this.refuse(refusals.filter((refusal) => refusal !== ""));
    if (refusals.includes("")) this.tell();
  }

  /** Adds one tag; the answer is "" or the sentence that says why not. */
  private add(tag: string): string {
    const item = this.querySelector("template")?.content.cloneNode(true);
    if (!this.list || !(item instanceof DocumentFragment)) return "";
    if (tag.length > LONGEST_TAG) return this.words("long", `${tag.slice(0, 12)}…`);
    if (this.tags.includes(tag.toUpperCase())) return this.words("twice", tag);
    if (this.tags.length >= MOST_TAGS) return this.words("full", tag);
    item.querySelector("input")?.setAttribute("value", tag);
    for (const place of item.querySelectorAll("[data-tag]")) place.textContent = tag;
    this.list.append(item);
    return "";
  }

  private words(reason: string, tag: string): string {
    return (this.dataset[reason] ?? "{}").replace("{}", tag);
  }

  private refuse(sentences: string[]): void {
    const place = this.querySelector<HTMLElement>("[data-refused]");
    if (!place) return;
    place.textContent = sentences.join(" ");
    place.hidden = sentences.length === 0;
  }

  private readonly onClick = (event: Event): void => {
    const target = event.target instanceof Element ? event.target.closest("[data-remove]") : null;
    const item = target?.closest("li");
    if (!item) return;
    item.remove();
    this.refuse([]);
    this.field?.focus();
    this.tell();
  };

  private tell(): void {
    this.dispatchEvent(new CustomEvent("scanned", { bubbles: true, detail: { tags: this.tags } }));
  }
}

customElements.define("desk-scanner", DeskScanner);
