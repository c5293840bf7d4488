/** Names that a window has to show as text alone, and legibly. */
export const hostileNames: readonly string[] = [
  '<img src=x onerror=alert(1)>.txt',
  '"><script>alert(1)<∕script>.md',
  'invoice\u202Efdp.exe',
  'a\tb\nc\u0007.txt',
  'a\u200Bb\u2066c\u2069\uFEFF.txt',
  'עברית מסמך.pdf',
  'مستند مهم.docx',
  '&lt;b&gt; {count} %s ${x}.txt',
  `${'m\u0300\u0301\u0302\u0303\u0304\u0305\u0306\u0307'.repeat(12)}.txt`,
  `${'x'.repeat(251)}.txt`,
  ' leading and trailing .txt ',
  '👩‍👩‍👧‍👦🏴󠁧󠁢󠁥󠁮󠁧󠁿.png',
  'half \uD83D.txt',
  'CON.txt',
  "javascript:alert('1')",
];
