/** `pi-hole` in the forms that code needs. */
function formsOf(name: string): { camel: string; pascal: string; snake: string; upper: string } {
  const camel = name.replaceAll(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
  const snake = name.replaceAll('-', '_');
  return { camel, pascal: camel.charAt(0).toUpperCase() + camel.slice(1), snake, upper: snake.toUpperCase() };
}

/**
 * Gives the example plugin another name. Only places where `example` is the plugin's name are touched: identifiers,
 * metric names, file names, the quoted name, the YAML key, and "the example plugin" in prose. Words such as
 * "for example", `examples:` in a schema, `example.com` and the file example.yaml stay.
 */
export function renameWords(text: string, name: string): string {
  const { camel, pascal, snake, upper } = formsOf(name);
  return (
    text
      .replaceAll('plugin-example', `plugin-${name}`)
      // exampleCheck, ExampleOptions, example_jobs, EXAMPLE_URL
      .replaceAll(/\bexample(?=[A-Z])/g, camel)
      .replaceAll(/\bExample(?=[A-Z])/g, pascal)
      .replaceAll(/\bexample(?=_[a-z])/g, snake)
      .replaceAll(/\bEXAMPLE(?=_[A-Z])/g, upper)
      // ./example-check.js, example.test.ts
      .replaceAll(/\bexample(?=-[a-z])/g, name)
      .replaceAll(/\bexample(?=\.(test|js|ts)\b)/g, name)
      // 'example', "example", `example`, and the path /example
      .replaceAll(/(['"`/])example(?=['"`])/g, `$1${name}`)
      // - example: { url: … } and check: { example: … }
      .replaceAll(/([-{,]\s+)example(?=:)/g, `$1${name}`)
      .replaceAll(/\bexample(?= (plugin|check|collector|notifier|remediator|predictor|command)s?\b)/g, name)
  );
}

/** The name of a copied file. The example configuration keeps its name, which the plugin check asks for. */
export function renamePath(path: string, name: string): string {
  if (path === 'example.yaml') return path;
  return path.replaceAll(/(^|\/)example(?=[-.])/g, `$1${name}`);
}
