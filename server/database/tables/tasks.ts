export interface TaskTables {}
