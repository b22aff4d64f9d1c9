/** What the ranking's features and the slots are called for editors. One that is not listed is shown by its own name. */
const features: Record<string, string> = {
  weight: '全文可信',
  length: '问题长度',
  covered: '条目说到的份额',
  second: '第二像的问法',
  likelihood: '整条相符',
  ownQuestion: '像标准问题',
}
const slots: Record<string, string> = {
  scheme: '险种',
  care: '待遇',
  away: '异地',
  action: '事项',
  people: '人群',
  year: '年份',
}
const values: Record<string, string> = {
  medical: '医保',
  maternity: '生育',
  care: '长护',
  serious: '大病',
  relief: '救助',
  pension: '养老',
  injury: '工伤',
  unemployment: '失业保险',
  housing: '公积金',
  commercial: '商业保险',
  elsewhere: '其他部门',
  clinic: '门诊',
  hospital: '住院',
  chronic: '慢特病',
  away: '异地',
  enrol: '参保',
  pay: '缴费',
  claim: '报销',
  file: '备案',
  move: '转移',
  look: '查询',
  withdraw: '退费停保',
  newborn: '新生儿',
  child: '儿童',
  student: '学生',
  retired: '退休',
  flexible: '灵活就业',
  jobless: '失业人员',
  poor: '困难群众',
  disabled: '残疾人',
}
export const featureName = (name: string): string => features[name] ?? name
export const slotValue = (value: string): string => values[value] ?? value
export const slotName = (name: string): string => slots[name] ?? name
