#!/usr/bin/env node
// Starts the program, which is in a package of its own for each system, and ends as it ends.
"use strict";
const { spawn } = require("node:child_process");
const { constants } = require("node:os");

const name = `crm-anon-${process.platform}-${process.arch}`;
let program;
try {
  program = require.resolve(`${name}/crm-anon`);
} catch {
  console.error(`crm-anon: the npm package ${name} is not installed: npm has none for this system, or was told to leave optional packages out`);
  process.exit(1);
}

const child = spawn(program, process.argv.slice(2), { stdio: "inherit" });
for (const signal of ["SIGHUP", "SIGINT", "SIGTERM"]) {
  // The program cleans up before it ends.
  process.on(signal, () => child.kill(signal));
}
child.on("error", (error) => {
  console.error(`crm-anon: ${program} cannot be started: ${error.code}`);
  process.exit(1);
});
child.on("exit", (status, signal) => process.exit(status ?? 128 + constants.signals[signal]));
