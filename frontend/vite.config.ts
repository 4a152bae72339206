import { defineConfig } from "vitest/config";

import { iconSprite } from "./build/sprite.ts";

/** Fixed names: Django's static storage adds the content hash, so pages name `app.js` and get the right one. */
export default defineConfig({
  base: "./",
  plugins: [
    iconSprite({ pages: "../src/keystead/web", extra: "icons.json" }),
  ],
  build: {
    outDir: "../src/keystead/web/static/keystead/dist",
    emptyOutDir: true,
    manifest: "manifest.json",
    modulePreload: false,
    rollupOptions: {
      input: "src/app.ts",
      output: {
        entryFileNames: "app.js",
        chunkFileNames: "[name].js",
        assetFileNames: "app.[ext]",
      },
    },
  },
  test: {
    environment: "happy-dom",
    include: ["src/**/*.test.ts", "build/**/*.test.ts"],
  },
});
