// Draws the icons of the desktop app, from vectors, in every size that systems ask for.
import fs from 'node:fs';
import path from 'node:path';

/** Linux's hicolor sizes, and what installers are made with. */
const appSizes = [16, 24, 32, 48, 64, 128, 256, 512, 1024];
/** At one and at two pixels a point. */
const traySizes = [
  ['', 22],
  ['@2x', 44],
];

/**
 * Writes them into `to`; for packaging, those of the app under `app/` by the names that installers want.
 * @param {string} from the folder of the vectors
 * @param {string} to
 */
export async function drawIcons(from, to) {
  const { Resvg } = await import('@resvg/resvg-js');
  const draw = (name, size, file) => {
    const picture = new Resvg(fs.readFileSync(path.join(from, `${name}.svg`)), { fitTo: { mode: 'width', value: size } });
    fs.writeFileSync(path.join(to, file), picture.render().asPng());
  };
  fs.mkdirSync(path.join(to, 'app'), { recursive: true });
  for (const size of appSizes) draw('cachette', size, path.join('app', `${size}x${size}.png`));
  draw('cachette', 256, 'cachette-256.png');
  const trays = fs.readdirSync(from).filter((name) => name.startsWith('tray-'));
  for (const tray of trays) {
    const name = path.basename(tray, '.svg');
    for (const [suffix, size] of traySizes) draw(name, size, `${name}${suffix}.png`);
  }
}
