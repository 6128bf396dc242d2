/** What the terminal shows once, when the desk is open: where to chat, and how to sign in to the console. */
export function welcome(about: {
  readonly url: string;
  readonly articles: number;
  readonly faults: number;
  readonly admin: { readonly email: string; readonly password: string } | null;
}): string {
  const { url, articles, faults, admin } = about;
  const broken = faults > 0 ? `，${faults} 个文件有问题（见日志，或运行 npm run -s zhike -- lint）` : '';
  const signIn = admin
    ? `             第一次启动，管理员账号：${admin.email}\n             一次性显示的密码：${admin.password}   （只显示这一次，请记下 / shown only once）\n`
    : '';
  return (
    `\n知客已启动，知识库 ${articles} 篇文章可用${broken}。\n\n` +
    `  顾客聊天 chat      ${url}/\n` +
    `  坐席工作台 console ${url}/console\n${signIn}\n` +
    '按 Ctrl+C 停止 / Ctrl+C stops.\n'
  );
}
