/**
 * `<zone-guess>` around a select of time zones: chooses the browser's own zone, unless the page was
 * sent back with a choice. `UTC` counts as none: it is what the server offers when it knows nothing.
 */
export class ZoneGuess extends HTMLElement {
  connectedCallback(): void {
    const select = this.querySelector("select");
    if (!select || select.value !== "UTC" || select.matches("[aria-invalid]")) return;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if ([...select.options].some((option) => option.value === zone)) select.value = zone;
  }
}

customElements.define("zone-guess", ZoneGuess);
