import type { Column } from '../command.ts';
import type { MailSent } from '../lib/mail/mail-sent.ts';
import { printable } from '../lib/text/printable.ts';

export function sentLine({ to, state, response, reason }: MailSent): string {
  const people = printable(to.join(', '));
  switch (state) {
    case 'delivered':
      return `delivered to ${people}: ${printable(response ?? '')}`;
    case 'spooled':
      return `not yet delivered to ${people}, it waits in the spool: ${printable(reason ?? '')}`;
  }
}

export const columns: readonly Column<MailSent>[] = [
  { name: 'state', value: ({ state }) => state },
  { name: 'to', value: ({ to }) => to.join(', ') },
  { name: 'subject', value: ({ subject }) => subject },
  { name: 'response', value: ({ response, reason }) => response ?? reason },
  { name: 'message_id', value: ({ messageId }) => messageId, programsOnly: true },
];
