// Runs the script of verify.html without a browser: node page.mjs verify.html TASKS.json; prints what came of each task.
// A task: {check: file, key?}, {flips: file, mask}, or {key, message, signature} in hexadecimal.
import { openAsBlob, readFileSync } from "node:fs";

const script = readFileSync(process.argv[2], "utf-8").match(/<script>([\s\S]*?)<\/script>/)[1];
// A signature over the same bytes is checked once: thousands of these checks differ elsewhere.
const memo = `
const real = verifyEd25519, seen = new Map();
verifyEd25519 = (...given) => {
  const key = given.map(hex).join();
  if (!seen.has(key)) { let said = null; try { real(...given); } catch (error) { said = error; } seen.set(key, said); }
  if (seen.get(key)) throw seen.get(key);
};
return { check, judge, readKeys, verifyEd25519, unhex };`;
const page = new Function(script + memo)();

async function outcome(task) {
  if (task.check) {
    const report = await page.check(await openAsBlob(task.check));
    return { ...page.judge(report, page.readKeys(task.key ?? "")), names: [...report.problems.keys()] };
  }
  if (task.flips) {
    const whole = readFileSync(task.flips), names = [];
    for (let at = 0; at < whole.length; at++) {
      whole[at] ^= task.mask;
      names.push([...(await page.check(new Blob([whole]))).problems.keys()]);
      whole[at] ^= task.mask;
    }
    return names;
  }
  try {
    page.verifyEd25519(page.unhex(task.key), page.unhex(task.message), page.unhex(task.signature));
    return true;
  } catch {
    return false;
  }
}

const outcomes = [];
for (const task of JSON.parse(readFileSync(process.argv[3], "utf-8"))) outcomes.push(await outcome(task));
console.log(JSON.stringify(outcomes));
