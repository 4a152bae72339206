import { existsSync, readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import type { Plugin } from "vite";

/** Where the sprite finds the names of the icons in use. */
export interface SpriteSources {
  /** Folder of templates and Python, searched for `{% icon "name" %}`, `icon="name"`, `"icon": "name"`. */
  pages: string;
  /** JSON list of names that are used in no such way. */
  extra: string;
}

const USES = [/\{%\s*icon\s+"([a-z0-9-]+)"/g, /\bicon"?\s*[:=]\s*"([a-z0-9-]+)"/g];
const iconFolder = join(
  dirname(createRequire(import.meta.url).resolve("lucide-static/package.json")),
  "icons",
);

/** Every icon name a template or a view mentions literally. */
export function namesIn(text: string): string[] {
  return USES.flatMap((use) => [...text.matchAll(use)].map((match) => match[1] ?? ""));
}

/** One `<symbol>` per icon; an unknown name stops the build and says which. */
export function sprite(names: Iterable<string>): string {
  const symbols = [...new Set(names)].sort().map(symbol).join("");
  return `<svg xmlns="http://www.w3.org/2000/svg">${symbols}</svg>\n`;
}

function symbol(name: string): string {
  const file = join(iconFolder, `${name}.svg`);
  if (!existsSync(file)) throw new Error(`There is no Lucide icon called "${name}".`);
  const inner = /<svg[^>]*>([\s\S]*)<\/svg>/.exec(readFileSync(file, "utf8"))?.[1] ?? "";
  return `<symbol id="${name}" viewBox="0 0 24 24">${inner.replace(/\s+/g, " ").trim()}</symbol>`;
}

function pagesUnder(folder: string): string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { recursive: true, encoding: "utf8" })
    .filter((name) => /\.(html|py)$/.test(name))
    .map((name) => join(folder, name));
}

/** Vite plugin: writes `icons.svg` with only the icons the templates use. */
export function iconSprite(sources: SpriteSources): Plugin {
  let root = "";
  return {
    name: "keystead-icon-sprite",
    configResolved(config) {
      root = config.root;
    },
    generateBundle() {
      const extra = JSON.parse(readFileSync(resolve(root, sources.extra), "utf8")) as string[];
      const used = pagesUnder(resolve(root, sources.pages)).flatMap((file) =>
        namesIn(readFileSync(file, "utf8")),
      );
      this.emitFile({
        type: "asset",
        fileName: "icons.svg",
        source: sprite([...extra, ...used]),
      });
    },
  };
}
