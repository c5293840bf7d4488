/** Of a line of a stack, as `at read (/home/ana/x.js:1:2)`: where in the program, but not where the program is. */
export function plainFrame(text: string): string {
  const [, called = ''] = /^at (?:async )?(?:new )?([\w.#$<>]{1,80}) \(/.exec(text) ?? [];
  const [, file = ''] = /[/\\:(]([\w.-]{1,60}\.[cm]?[jt]s:\d{1,7}(?::\d{1,7})?)\)?$/.exec(text) ?? [];
  return `at ${called}(${file})`;
}
