export { Grid } from './Grid';
export type { GridColumn, GridProps } from './types';
