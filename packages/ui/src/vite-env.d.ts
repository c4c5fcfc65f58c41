/** Vite gives the text of a style sheet to whoever imports it so. */
declare module '*.css?inline' {
  const text: string;
  export default text;
}
