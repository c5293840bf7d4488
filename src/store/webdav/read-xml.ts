import sax, { type QualifiedTag, type SAXParser } from 'sax';
import { Failure } from '../../base/failure.ts';

/** An element without its attributes. */
export interface XmlElement {
  /** Without prefix: `response` of `D:response`. */
  readonly name: string;
  /** Empty where it is in none. */
  readonly namespace: string;
  /** All text directly in it, with the space around it taken off. */
  readonly text: string;
  readonly children: readonly XmlElement[];
}

/** Deeper than any answer of a store. */
const maxDepth = 32;
/** A little above what the largest folder that is read may hold. */
const maxElements = 1_000_000;

/**
 * The root of an XML document as stores answer it. Its size is limited by whoever read it. Throws E_STORE_BEHAVIOUR for
 * what is not well-formed UTF-8 XML, declares entities or a document type (nothing is ever expanded but the five that
 * every document has), nests too deeply or has too many elements.
 */
export function readXml(bytes: Uint8Array, elementsMax = maxElements): XmlElement {
  let text: string;
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes);
  } catch {
    throw misbehaved('an answer that is not UTF-8');
  }
  const reader = new TreeReader(elementsMax);
  reader.read(text);
  return reader.root();
}

/** The children of this name in this namespace. */
export function childrenOf(element: XmlElement, namespace: string, name: string): readonly XmlElement[] {
  return element.children.filter((child) => child.name === name && child.namespace === namespace);
}

/** The text of the first child of this name; undefined where there is none. */
export function textOf(element: XmlElement, namespace: string, name: string): string | undefined {
  return childrenOf(element, namespace, name)[0]?.text;
}

interface OpenElement {
  readonly name: string;
  readonly namespace: string;
  text: string;
  readonly children: XmlElement[];
}

class TreeReader {
  readonly #parser: SAXParser = sax.parser(true, { xmlns: true });
  readonly #open: OpenElement[] = [];
  #root: XmlElement | undefined;
  readonly #elementsMax: number;
  #elements = 0;

  constructor(elementsMax: number) {
    this.#elementsMax = elementsMax;
    Object.assign(this.#parser, {
      onerror: () => {
        throw misbehaved('an answer that is not XML');
      },
      ondoctype: () => {
        throw misbehaved('XML with a document type of its own');
      },
      // With `xmlns` every tag is a qualified one.
      onopentag: (tag: QualifiedTag) => this.#begin(tag),
      onclosetag: () => this.#end(),
      ontext: (text: string) => this.#add(text),
      oncdata: (text: string) => this.#add(text),
    } satisfies Partial<Record<keyof SAXParser, unknown>>);
  }

  read(text: string): void {
    this.#parser.write(text).close();
  }

  root(): XmlElement {
    if (this.#root === undefined) throw misbehaved('an empty answer where XML was expected');
    return this.#root;
  }

  #begin({ local, uri }: QualifiedTag): void {
    this.#elements += 1;
    if (this.#open.length >= maxDepth || this.#elements > this.#elementsMax) throw misbehaved('XML of unreasonable size');
    this.#open.push({ name: local, namespace: uri, text: '', children: [] });
  }

  #add(text: string): void {
    const element = this.#open.at(-1);
    if (element !== undefined) element.text += text;
  }

  #end(): void {
    const element = this.#open.pop();
    if (element === undefined) return;
    const done = { ...element, text: element.text.trim() };
    const parent = this.#open.at(-1);
    if (parent === undefined) this.#root = done;
    else parent.children.push(done);
  }
}

function misbehaved(what: string): Failure {
  return new Failure('E_STORE_BEHAVIOUR', `the server gives ${what}`);
}
