// Names that speak for the house, or that programs mistake for something else. No names of pages: people live at /@name.
const names = `
abuse admin admins administrator administrators all anonymous api deleted everybody everyone here hostmaster matinee me moderator moderators mods my
nobody noreply no-reply null official owner postmaster root security self staff stranger support sysadmin system undefined unknown webmaster you
管理员 管理員 系统 系統 系统管理员 系統管理員 超级管理员 超級管理員 官方 客服 站长 站長 版主 匿名 所有人 全体 全體 全体成员 全體成員 系统消息 系統訊息 已注销 已註銷
админ администратор модератор
`

export const reservedNames = names.trim().split(/\s+/)
