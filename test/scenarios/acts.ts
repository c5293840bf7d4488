/** What people do, as values: each is done by a person in their folder. */
import type { Person } from './person.ts';

export type Act = (person: Person) => void;

export const edit =
  (path: string, text: string): Act =>
  (person) =>
    person.write(path, text);
/** Makes the folders above, too. */
export const file =
  (path: string, text: string): Act =>
  (person) =>
    person.make(path, text);
/** As most programs save: another file is written, and renamed over the old one. */
export const save =
  (path: string, text: string): Act =>
  (person) =>
    person.save(path, text);
export const append =
  (path: string, text: string): Act =>
  (person) =>
    person.append(path, text);
export const folder =
  (path: string): Act =>
  (person) =>
    person.makeFolder(path);
export const link =
  (path: string, target: string): Act =>
  (person) =>
    person.link(path, target);
/** With all that is in it. */
export const remove =
  (path: string): Act =>
  (person) =>
    person.remove(path);
export const move =
  (from: string, to: string): Act =>
  (person) =>
    person.move(from, to);
export const swap =
  (a: string, b: string): Act =>
  (person) =>
    person.swap(a, b);
/** A copy of a file with its time and bits. */
export const copyTo =
  (from: string, to: string): Act =>
  (person) =>
    person.copy(from, to);
/** Copies the bytes elsewhere and deletes the old file: moved, to another inode. */
export const carry =
  (from: string, to: string): Act =>
  (person) => {
    person.copy(from, to);
    person.remove(from);
  };
export const touch =
  (path: string, seconds = 1_600_000_000): Act =>
  (person) =>
    person.touch(path, seconds);
export const chmod =
  (path: string, isExecutable = true): Act =>
  (person) =>
    person.setExecutable(path, isExecutable);
/** Deletes it and makes it anew. */
export const remake =
  (path: string, text: string): Act =>
  (person) => {
    person.remove(path);
    person.make(path, text);
  };

/** The name of a conflict copy made on a device. */
export function copyName(stem: string, device: string, extension = '', number = 1): string {
  return `${stem} (conflict ${device} DATE${number === 1 ? '' : ` ${number}`})${extension}`;
}
