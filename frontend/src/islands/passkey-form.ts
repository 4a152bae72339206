/**
 * `<passkey-form>` around a form with a hidden field `credential`: its button lets the browser show
 * a passkey (or make one, with `makes`), writes the answer into the field and sends the form. The
 * question stands in `question`, or is fetched from `source`. Hidden where there are no passkeys;
 * then `[data-without-passkeys]` beside it says so.
 */
type Descriptor = { id: string; type: string; transports?: string[] };
type Question = {
  publicKey: {
    challenge: string;
    user?: { id: string };
    allowCredentials?: Descriptor[];
    excludeCredentials?: Descriptor[];
  };
};

export function bytes(text: string): Uint8Array<ArrayBuffer> {
  const plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
  return Uint8Array.from(plain, (sign) => sign.charCodeAt(0));
}

export function text(buffer: ArrayBuffer): string {
  const plain = String.fromCharCode(...new Uint8Array(buffer));
  return btoa(plain).replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
}

function known(list: Descriptor[] | undefined): PublicKeyCredentialDescriptor[] {
  return (list ?? []).map((one) => ({ ...one, id: bytes(one.id) }) as PublicKeyCredentialDescriptor);
}

/** What the browser's own interface takes, from the question as JSON. */
export function prepared(question: Question): Record<string, unknown> {
  const { publicKey } = question;
  const user = publicKey.user && { ...publicKey.user, id: bytes(publicKey.user.id) };
  return {
    ...publicKey,
    challenge: bytes(publicKey.challenge),
    ...(user ? { user } : {}),
    ...(publicKey.allowCredentials ? { allowCredentials: known(publicKey.allowCredentials) } : {}),
    ...(publicKey.excludeCredentials
      ? { excludeCredentials: known(publicKey.excludeCredentials) }
      : {}),
  };
}

/** The browser's answer as JSON: every buffer as base64url. */
export function answer(credential: PublicKeyCredential): Record<string, unknown> {
  const given = credential.response;
  const response: Record<string, unknown> = { clientDataJSON: text(given.clientDataJSON) };
  for (const name of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
    const part = (given as unknown as Record<string, ArrayBuffer | null | undefined>)[name];
    if (part) response[name] = text(part);
  }
  return {
    id: credential.id,
    rawId: text(credential.rawId),
    type: credential.type,
    authenticatorAttachment: credential.authenticatorAttachment,
    clientExtensionResults: credential.getClientExtensionResults(),
    response,
  };
}

export class PasskeyForm extends HTMLElement {
  connectedCallback(): void {
    if (!window.PublicKeyCredential || !navigator.credentials) return;
    this.hidden = false;
    document.querySelector("[data-without-passkeys]")?.remove();
    this.querySelector("form")?.addEventListener("submit", this.ask);
  }

  disconnectedCallback(): void {
    this.querySelector("form")?.removeEventListener("submit", this.ask);
  }

  private readonly ask = (event: Event): void => {
    event.preventDefault();
    this.tell(false);
    void this.send().catch(() => this.tell(true));
  };

  private async send(): Promise<void> {
    const form = this.querySelector("form");
    const field = this.querySelector<HTMLInputElement>("[name=credential]");
    if (!form || !field) return;
    const publicKey = prepared(await this.question());
    const credential = this.hasAttribute("makes")
      ? await navigator.credentials.create({ publicKey } as unknown as CredentialCreationOptions)
      : await navigator.credentials.get({ publicKey } as unknown as CredentialRequestOptions);
    if (!credential) throw new Error("no passkey");
    field.value = JSON.stringify(answer(credential as PublicKeyCredential));
    this.keepChoice(form);
    form.submit();
  }

  private async question(): Promise<Question> {
    const source = this.getAttribute("source");
    if (!source) return JSON.parse(this.getAttribute("question") ?? "") as Question;
    const found = await fetch(source, { headers: { Accept: "application/json" } });
    if (!found.ok) throw new Error("no question");
    return (await found.json()) as Question;
  }

  /** "This is my own device" is ticked in the form beside this one. */
  private keepChoice(form: HTMLFormElement): void {
    const box = document.querySelector<HTMLInputElement>("input[type=checkbox][name=remember]");
    if (!box?.checked) return;
    const kept = document.createElement("input");
    Object.assign(kept, { type: "hidden", name: "remember", value: "on" });
    form.append(kept);
  }

  private tell(isTrouble: boolean): void {
    const trouble = this.querySelector<HTMLElement>("[data-trouble]");
    if (trouble) trouble.hidden = !isTrouble;
  }
}

customElements.define("passkey-form", PasskeyForm);
