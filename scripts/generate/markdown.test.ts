import { describe, expect, it } from 'vitest';
import { markdownTable, replaceMarked } from './markdown.js';

describe('generated Markdown', () => {
  it('keeps pipes and line breaks inside their cell', () => {
    expect(markdownTable(['a', 'b'], [['x|y', 'one\ntwo']])).toBe(
      '| a | b |\n| --- | --- |\n| x\\|y | one two |',
    );
  });

  it('stands between its marks, and replaces what stood there', () => {
    const text = 'before\n<!-- generated:list -->\nold\n<!-- /generated:list -->\nafter\n';
    const once = replaceMarked(text, 'list', '\nnew\n');
    expect(once).toBe('before\n<!-- generated:list -->\nnew\n<!-- /generated:list -->\nafter\n');
    expect(replaceMarked(once ?? '', 'list', 'new')).toBe(once);
  });

  it('needs both marks', () => {
    expect(replaceMarked('<!-- generated:list -->', 'list', 'new')).toBeUndefined();
  });
});
