/** Starting at login on Linux: a desktop entry in the autostart folder (freedesktop.org, Desktop Application Autostart). */

/** Its name there. */
export const autostartName = 'cachette.desktop';

/** `program` and its arguments, quoted as the Desktop Entry Specification wants it. */
export function autostartEntry(command: readonly string[]): string {
  return [
    '[Desktop Entry]',
    'Type=Application',
    'Name=Cachette',
    'Comment=Keeps folders the same on all of your computers',
    `Exec=${command.map(quoted).join(' ')}`,
    'Icon=cachette',
    'Terminal=false',
    'X-GNOME-Autostart-enabled=true',
    '',
  ].join('\n');
}

/** A general string within quotes: first as an argument, then as a value of the file, where a backslash is doubled again. */
function quoted(text: string): string {
  const argument = text.replaceAll('%', '%%').replaceAll(/["`$\\]/g, (mark) => `\\${mark}`);
  return `"${argument.replaceAll('\\', '\\\\')}"`;
}
