/**
 * Shows the toast kept in `<template id="unreachable">` when a request got no answer at all.
 * The words come from the server's page, so they are in the reader's language.
 */
export function tellUnreachable(): void {
  const toasts = document.getElementById("toasts");
  const template = document.getElementById("unreachable");
  if (!toasts || !(template instanceof HTMLTemplateElement)) return;
  if (toasts.querySelector("[data-unreachable]")) return;
  toasts.append(template.content.cloneNode(true));
}

/** A refusal shown above the page is over when something else is tried. */
export function forgetRefusal(): void {
  document.getElementById("refused")?.replaceChildren();
}
