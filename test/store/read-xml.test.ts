import { describe, expect, test } from 'vitest';

import { utf8 } from '../../src/base/bytes.ts';
import { childrenOf, readXml, textOf } from '../../src/store/webdav/read-xml.ts';

describe('XML of a store', () => {
  test('is read by namespace, whatever the prefixes', () => {
    for (const text of [
      '<?xml version="1.0"?><D:a xmlns:D="DAV:"><D:b> one </D:b><D:b>t&amp;w<![CDATA[o]]></D:b><c xmlns="x">other</c></D:a>',
      '<a xmlns="DAV:"><b>one</b><b>t&#38;wo</b><x:c xmlns:x="x">other</x:c></a>',
    ]) {
      const root = readXml(utf8(text));
      expect(root).toMatchObject({ name: 'a', namespace: 'DAV:' });
      expect(childrenOf(root, 'DAV:', 'b').map((child) => child.text)).toEqual(['one', 't&wo']);
      expect(textOf(root, 'x', 'c')).toBe('other');
      expect(textOf(root, 'DAV:', 'c')).toBeUndefined();
    }
  });

  const bomb = `<!DOCTYPE a [<!ENTITY b "bbbbbbbbbb"><!ENTITY c "${'&b;'.repeat(1000)}">]><a>${'&c;'.repeat(1000)}</a>`;
  test.for([
    ['nothing', ''],
    ['no XML', 'a page'],
    ['HTML', '<html><br></html>'],
    ['an end too early', '<a><b></b>'],
    ['an end too late', '<a></a></a>'],
    ['a document type', '<!DOCTYPE a SYSTEM "file:///etc/passwd"><a/>'],
    ['entities that grow', bomb],
    ['an entity that nobody declared', '<a>&b;</a>'],
    ['a prefix that nobody declared', '<D:a/>'],
    ['a hundred thousand elements in each other', '<a>'.repeat(100_000)],
    ['invalid UTF-8', '<a>\u00ff</a>'],
  ])('with %s is misbehaviour', ([, text]) => {
    expect(() => readXml(Buffer.from(text!, 'latin1'))).toThrow(expect.objectContaining({ code: 'E_STORE_BEHAVIOUR' }));
  });
});
