import type { UiKey } from '../../text/catalogues';
import type { Section } from './findings';

export const sectionTitles: Record<Section, UiKey> = {
  sign_ins: 'review.section.sign_ins',
  out_of_hours: 'review.section.out_of_hours',
  new_addresses: 'review.section.new_addresses',
  volumes: 'review.section.volumes',
  gaps: 'review.section.gaps',
};
