import type { Context } from '../core/context.ts';
import { json, type Reply } from '../core/message.ts';
import type { Route } from '../core/route.ts';
import {
  CONVERSATION_SCOPES,
  conversationInfo,
  conversationMembers,
  listConversations,
  memberConversations,
} from './conversations.ts';
import { callMethod, type Granted, type Method } from './granted.ts';
import { history, HISTORY_SCOPES, replies } from './history.ts';
import { revoke } from './revoke.ts';
import { listUsers, userInfo } from './users.ts';

/** Identity, conversations with what was said in them, users and team. */
export function apiRoutes(context: Context): Route[] {
  const methods: readonly Method[] = [
    { name: 'auth.test', tier: 'special', scopes: [], handle: (granted) => authTest(context, granted) },
    {
      name: 'conversations.list',
      tier: 2,
      scopes: CONVERSATION_SCOPES,
      handle: (granted) => listConversations(context, granted),
    },
    { name: 'conversations.info', tier: 3, scopes: CONVERSATION_SCOPES, handle: conversationInfo },
    {
      name: 'conversations.members',
      tier: 4,
      scopes: CONVERSATION_SCOPES,
      handle: (granted) => conversationMembers(context, granted),
    },
    {
      name: 'conversations.history',
      tier: 'history',
      scopes: HISTORY_SCOPES,
      handle: (granted) => history(context, granted),
    },
    {
      name: 'conversations.replies',
      tier: 'history',
      scopes: HISTORY_SCOPES,
      handle: (granted) => replies(context, granted),
    },
    {
      name: 'users.conversations',
      tier: 3,
      scopes: CONVERSATION_SCOPES,
      handle: (granted) => memberConversations(context, granted),
    },
    { name: 'users.list', tier: 2, scopes: ['users:read'], handle: (granted) => listUsers(context, granted) },
    { name: 'users.info', tier: 4, scopes: ['users:read'], handle: userInfo },
    { name: 'team.info', tier: 3, scopes: ['team:read'], handle: teamInfo },
  ];
  return (['GET', 'POST'] as const).flatMap((httpMethod): Route[] => [
    ...methods.map((method): Route => ({
      method: httpMethod,
      path: `/api/${method.name}`,
      kind: 'api',
      handle: (call) => callMethod(context, call, method),
    })),
    { method: httpMethod, path: '/api/auth.revoke', kind: 'api', handle: (call) => revoke(context, call) },
  ]);
}

/** https://docs.slack.dev/reference/methods/auth.test */
function authTest(context: Context, { token, data }: Granted): Reply {
  const { team } = data;
  const lifeMs = token.expiresAt === null ? null : token.expiresAt - context.now();
  return json(200, {
    ok: true,
    url: `https://${team.slug}.slack.com/`,
    team: team.company,
    user: token.actor === 'bot' ? 'patch_bot' : 'user-0',
    team_id: team.id,
    user_id: token.actor === 'bot' ? team.botUserId : team.userId,
    ...(token.actor === 'bot' ? { bot_id: team.botId } : {}),
    is_enterprise_install: false,
    app_id: team.appId,
    ...(lifeMs === null ? {} : { expires_in: Math.floor(lifeMs / 1000) }),
  });
}

/** https://docs.slack.dev/reference/methods/team.info */
function teamInfo({ data }: Granted): Reply {
  const { team } = data;
  return json(200, {
    ok: true,
    team: {
      id: team.id,
      name: team.company,
      domain: team.slug,
      email_domain: `${team.slug}.example`,
      url: `https://${team.slug}.slack.com/`,
      icon: { image_default: true },
    },
  });
}
