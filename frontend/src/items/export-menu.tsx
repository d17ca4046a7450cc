import { Button, Menu, VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { strings } from '../strings.ts';
import { browserSlices } from './breathe.ts';
import { EXPORT_FORMATS, exportName, exportParts, MEDIA_TYPES, type ExportFormat } from './item-export.ts';
import type { ItemRows, ItemView } from './item-view.ts';
import { inSlices } from './slices.ts';

interface ExportMenuProps {
  view: ItemView;
  rows: ItemRows;
  integration: string;
}

/** How long the browser may take to begin saving. */
const REVOKE_AFTER_MS = 60_000;

export function ExportMenu({ view, rows, integration }: ExportMenuProps) {
  const [said, setSaid] = useState('');
  const { count } = view.collection;
  const isFiltered = rows.matching.length !== count;
  const save = async (format: ExportFormat, indexes: Uint32Array): Promise<void> => {
    setSaid(strings.load.exporting);
    const parts = await inSlices(exportParts(view.collection, indexes, format), () => true, browserSlices);
    if (!parts) return;
    const name = exportName(integration, format, new Date());
    saveAs(name, new Blob(parts, { type: MEDIA_TYPES[format] }));
    setSaid(strings.load.exported(name));
  };
  const all = (): Uint32Array => Uint32Array.from({ length: view.collection.count }, (_, index) => index);
  return (
    <>
      <Menu position="bottom-start" withinPortal>
        <Menu.Target>
          <Button variant="default" data-testid="items-export">
            {strings.load.export}
          </Button>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Label>{strings.load.exportShown(rows.matching.length)}</Menu.Label>
          {EXPORT_FORMATS.map((format) => (
            <Menu.Item
              key={format}
              onClick={() => void save(format, rows.matching)}
              data-testid={`export-shown-${format}`}
            >
              {strings.load.exportFormat[format]}
            </Menu.Item>
          ))}
          {isFiltered && (
            <>
              <Menu.Divider />
              <Menu.Label>{strings.load.exportAll(count)}</Menu.Label>
              {EXPORT_FORMATS.map((format) => (
                <Menu.Item key={format} onClick={() => void save(format, all())} data-testid={`export-all-${format}`}>
                  {strings.load.exportFormat[format]}
                </Menu.Item>
              ))}
            </>
          )}
        </Menu.Dropdown>
      </Menu>
      <VisuallyHidden role="status">{said}</VisuallyHidden>
    </>
  );
}

function saveAs(name: string, content: Blob): void {
  const link = document.createElement('a');
  link.href = URL.createObjectURL(content);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), REVOKE_AFTER_MS);
}
