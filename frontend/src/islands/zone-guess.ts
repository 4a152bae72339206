/**
 * `<zone-guess>` around a select of time zones: chooses the browser's own zone, unless the page was
 * sent back with a choice. `UTC` counts as none: it is what the server offers when it knows nothing.
 */
export class ZoneGuess extends HTMLElement {
  connectedCallback(): void {
    const select = this.querySelector("select");
    if (!select || select.value !== "UTC" || select.matches("[aria-invalid]")) return;
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const zones = [...select.options].map((option) => option.value);
    const found = zones.find((value) => value === zone) ?? zones.find((value) => sameZone(value, zone));
    if (found) select.value = found;
  }
}

/** Browsers may call a zone by an older name (Asia/Calcutta) than the list (Asia/Kolkata). */
function sameZone(value: string, zone: string): boolean {
  try {
    return new Intl.DateTimeFormat("en", { timeZone: value }).resolvedOptions().timeZone === zone;
  } catch {
    return false; // a zone this browser does not know
  }
}

customElements.define("zone-guess", ZoneGuess);
