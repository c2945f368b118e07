import { startMock } from './server';
import { passwords } from './world';

// For looking at the pages without a server: npm run build && npm run mock -- [port]
const mock = await startMock(Number(process.argv[2] ?? '21310'));
console.log(`${mock.url}  kanri / ${passwords.initial}  or  sato / ${passwords.officer}`);
