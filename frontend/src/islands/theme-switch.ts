const YEAR_IN_SECONDS = 365 * 24 * 60 * 60;

/**
 * `<theme-switch>` around a form whose buttons are `name="theme"` with the values system, light and
 * dark. Without JavaScript the form posts; with it the page changes at once and only a cookie is set,
 * which the server reads for the next page.
 */
export class ThemeSwitch extends HTMLElement {
  connectedCallback(): void {
    this.addEventListener("click", this.choose);
  }

  disconnectedCallback(): void {
    this.removeEventListener("click", this.choose);
  }

  private readonly choose = (event: Event): void => {
    const target = event.target;
    const button = target instanceof Element ? target.closest("button") : null;
    if (!button || button.name !== "theme") return;
    event.preventDefault();
    wear(button.value);
    for (const other of this.querySelectorAll<HTMLButtonElement>("button[name='theme']")) {
      other.setAttribute("aria-pressed", String(other.value === button.value));
    }
  };
}

function wear(theme: string): void {
  const root = document.documentElement;
  const secure = location.protocol === "https:" ? "; Secure" : "";
  if (theme === "light" || theme === "dark") {
    root.dataset["theme"] = theme;
    document.cookie = `theme=${theme}; Path=/; Max-Age=${YEAR_IN_SECONDS}; SameSite=Lax${secure}`;
    return;
  }
  delete root.dataset["theme"];
  document.cookie = `theme=; Path=/; Max-Age=0; SameSite=Lax${secure}`;
}

customElements.define("theme-switch", ThemeSwitch);
