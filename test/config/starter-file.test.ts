import { describe, expect, it } from 'vitest';
import { leavesOf, settingsTree } from '../../src/config/option-tree.ts';
import { starterFile } from '../../src/config/starter-file.ts';
import { load } from './loading.ts';

const starter = starterFile('config.schema.json');

/** Marks before keys taken away, those before text left. */
const uncommented = starter.replace(/^( *)#(?! )/gm, '$1');

describe('the starter file', () => {
  it('changes nothing', () => {
    expect(load({ files: { 'trafficinator.yaml': starter } }).values).toEqual(load({}).values);
  });

  it('says the defaults once its marks are taken away', () => {
    const loaded = load({ files: { 'trafficinator.yaml': uncommented } });
    expect(loaded.values).toEqual(load({}).values);
    for (const { leaf, origin } of loaded.settings) {
      const isWritten = leaf.byDefault !== undefined && leavesOf(settingsTree).includes(leaf);
      if (isWritten) expect(`${leaf.path} ${origin.kind}`).toBe(`${leaf.path} file`);
    }
  });

  it('leads editors to the schema', () => {
    expect(starter).toMatch(/^# yaml-language-server: \$schema=config\.schema\.json\n/);
  });
});
