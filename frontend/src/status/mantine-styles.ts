/* What this page uses beyond the styles that every page has, in the component library's own order. */
import '@mantine/core/styles/ScrollArea.css';
import '@mantine/core/styles/SimpleGrid.css';
import '@mantine/core/styles/Table.css';
