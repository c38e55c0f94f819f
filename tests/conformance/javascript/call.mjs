// Makes calls with the AWS SDK for JavaScript v3 and prints what came back, as JSON.
// Standard input: {"endpoint": URL, "credentials": {...}, "calls": [{"client": "IAM", "command": "CreateUser", "input": {}}]}
// A command "paginateX" or "waitUntilX" is the SDK's own paginator or waiter; a paginator's output is its list of pages.
import { text } from "node:stream/consumers";
import * as cloudtrail from "@aws-sdk/client-cloudtrail";
import * as iam from "@aws-sdk/client-iam";
import * as sts from "@aws-sdk/client-sts";

const modules = { CloudTrail: cloudtrail, IAM: iam, STS: sts };
const { endpoint, credentials, calls } = JSON.parse(await text(process.stdin));

async function made({ client, command, input }) {
  const sdk = modules[client];
  const made = new sdk[`${client}Client`]({ endpoint, credentials, region: "us-east-1", maxAttempts: 1 });
  try {
    if (command.startsWith("paginate")) {
      const pages = [];
      for await (const page of sdk[command]({ client: made, pageSize: 2 }, input)) pages.push(page);
      return { output: pages };
    }
    if (command.startsWith("waitUntil")) return { output: await sdk[command]({ client: made, maxWaitTime: 10 }, input) };
    return { output: await made.send(new sdk[`${command}Command`](input)) };
  } catch (error) {
    return { error: { name: error.name, message: error.message, status: error.$metadata?.httpStatusCode } };
  } finally {
    made.destroy();
  }
}

const answers = [];
for (const call of calls) answers.push(await made(call));
process.stdout.write(JSON.stringify(answers));
