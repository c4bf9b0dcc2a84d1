// Locale files are imported as text (esbuild loader `text`).
declare module "*.ftl" {
  const source: string;
  export default source;
}
declare module "*.css";
declare module "hls.js/light" {
  export { default } from "hls.js";
}
