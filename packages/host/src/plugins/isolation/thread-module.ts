/** The module that runs in the thread of an isolated plugin, beside the built code that starts it. */
export const threadModule = new URL('./plugin-thread.js', import.meta.url);
