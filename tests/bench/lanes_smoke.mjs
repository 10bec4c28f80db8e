// lanes_smoke.mjs BUILD: a short run of quire-lane-bench, and each column of its table has its figure. None is looked at.
import { cellsOf, columns, laneTable } from './lane_figures.mjs';
import { endPostgresql, newDatabase } from './postgresql.mjs';

const [build] = process.argv.slice(2);
try {
  const database = await newDatabase();
  const args = ['--seconds', '0.01', '--edits', '1,20', '--documents', '1,20', '--lanes', '1,2'];
  const cells = await cellsOf(build, database.address, args);
  database.drop();
  console.log(laneTable([cells]));
  if (cells.length !== 8) throw new Error(`${cells.length} cells instead of 8`);
  for (const cell of cells) {
    for (const { title, of } of columns) {
      const isWanted = cell.edits === 1 || !title.startsWith('`INSERT`');
      if (isWanted !== Number.isFinite(of(cell))) throw new Error(`${title}: ${of(cell)} in ${JSON.stringify(cell)}`);
    }
  }
} finally {
  await endPostgresql();
}
