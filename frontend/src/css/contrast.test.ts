import { readFileSync } from "node:fs";
import { expect, test } from "vitest";

const TOKENS = readFileSync("src/css/tokens.css", "utf8");
const SURFACES = ["paper", "surface", "sunken", "hover"];
const TEXT: Record<string, string[]> = {
  ink: [...SURFACES, "tag", "raised", "accent-soft", "late-soft", "missing-soft", "open-soft"],
  "ink-2": [...SURFACES, "raised"],
  "ink-3": [...SURFACES, "tag"],
  accent: [...SURFACES, "accent-soft"],
  late: [...SURFACES, "late-soft"],
  missing: [...SURFACES, "missing-soft"],
  open: [...SURFACES, "open-soft"],
  "on-accent": ["accent-fill", "accent-fill-hover"],
};

type Theme = 0 | 1;

/** Relative luminance of a token, from its OKLCH value (light is 0, dark is 1). */
function luminance(token: string, theme: Theme): number {
  const value = new RegExp(`--${token}: light-dark\\((.*?)\\), (.*?)\\)\\)`).exec(TOKENS);
  const [lightness, chroma, hue] = (value?.[theme + 1]?.match(/[\d.]+/g) ?? []).map(Number);
  if (lightness === undefined || chroma === undefined || hue === undefined) throw new Error(token);
  const a = chroma * Math.cos((hue * Math.PI) / 180);
  const b = chroma * Math.sin((hue * Math.PI) / 180);
  const l = (lightness / 100 + 0.3963377774 * a + 0.2158037573 * b) ** 3;
  const m = (lightness / 100 - 0.1055613458 * a - 0.0638541728 * b) ** 3;
  const s = (lightness / 100 - 0.0894841775 * a - 1.291485548 * b) ** 3;
  const red = 4.0767416621 * l - 3.3077115913 * m + 0.2309699292 * s;
  const green = -1.2684380046 * l + 2.6097574011 * m - 0.3413193965 * s;
  const blue = -0.0041960863 * l - 0.7034186147 * m + 1.707614701 * s;
  const [r, g, u] = [red, green, blue].map((part) => Math.min(Math.max(part, 0), 1));
  return 0.2126 * (r ?? 0) + 0.7152 * (g ?? 0) + 0.0722 * (u ?? 0);
}

function contrast(text: string, ground: string, theme: Theme): number {
  const [light, dark] = [luminance(text, theme), luminance(ground, theme)].sort((x, y) => y - x);
  return ((light ?? 0) + 0.05) / ((dark ?? 0) + 0.05);
}

function tooFaint(text: string, ground: string, least: number): string[] {
  return ([0, 1] as const)
    .map((theme) => [theme, contrast(text, ground, theme)] as const)
    .filter(([, ratio]) => ratio < least)
    .map(([theme, ratio]) => `${text} on ${ground}, ${theme ? "dark" : "light"}: ${ratio.toFixed(2)}`);
}

test("every text has a contrast of 4.5 on every ground it stands on, in both themes", () => {
  const faint = Object.entries(TEXT).flatMap(([text, grounds]) =>
    grounds.flatMap((ground) => tooFaint(text, ground, 4.5)),
  );
  expect(faint).toEqual([]);
});

test("the edge of a field has a contrast of 3 on every ground", () => {
  expect(["paper", "surface"].flatMap((ground) => tooFaint("line-strong", ground, 3))).toEqual([]);
});
