import type { Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import { ConnectionAttempts } from './connection-attempts.ts';
import { connectOptions } from './endpoint.ts';
import type { TargetConfig } from './target-config.ts';

export interface AskingAgentOptions {
  /** Of an answer; what is longer ends it with an error. */
  readonly mostBytes: number;
  /** Gives up connections that are still being made. */
  readonly signal?: AbortSignal | undefined;
  /** Is told of each connection once it is there. */
  readonly connected?: (socket: Socket) => void;
}

/** A connection for questions to a target, apart from those of its hits. One question follows another. */
export interface AskingAgent {
  readonly agent: Agent;
  /** Ends what is under way, also connections that are still being made. */
  close(): Promise<void>;
}

export function openAskingAgent(target: TargetConfig, options: AskingAgentOptions): AskingAgent {
  const attempts = new ConnectionAttempts(buildConnector(connectOptions(target)), options.signal);
  const agent = new Agent({
    // Else the next question opens another one, where the last has not been told to be free yet.
    connections: 1,
    maxResponseSize: options.mostBytes,
    connect(place, done) {
      attempts.connector(place, (...result) => {
        if (result[0] === null) options.connected?.(result[1]);
        done(...result);
      });
    },
  });
  return {
    agent,
    close() {
      attempts.close();
      return agent.destroy();
    },
  };
}
