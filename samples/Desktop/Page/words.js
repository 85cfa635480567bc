// All words of the window, in both languages.

const WORDS = {
  skip: ['Go to the content', '转到内容'],
  type: ['Type', '输入'],
  tables: ['Tables', '表格'],
  languageOther: ['中文', 'English'],
  languageLabel: ['Show this window in Chinese', '以英文显示此窗口'],
  modelLabel: ['Model', '模型'],
  modelOpen: ['Open another model …', '打开其他模型…'],
  modelDefault: ['Use the model inside the program', '使用程序自带的模型'],
  modelNote: ['A model file, a file of weights, or the folder of a checkpoint, which is converted.', '模型文件、权重文件，或检查点所在的文件夹（会先转换）。'],
  modelsMade: ['Made of checkpoints', '由检查点转换而来'],
  modelUse: ['Use', '使用'],
  modelRemoveAsk: ['Remove the model {0}?', '删除模型 {0}？'],
  layers: ['Layers', '层数'],
  atMost: ['{0} tokens at most', '最多 {0} 个词元'],
  convert: ['Convert', '转换'],
  convertTitle: ['Convert a checkpoint', '转换检查点'],
  convertAsk: ['This is a checkpoint, not yet a model. It is read and stored as a model file of this program; it stays as it is.', '这是检查点，还不是模型。程序会读取它并另存为模型文件，检查点本身保持不变。'],
  convertFound: ['What was found', '读到的内容'],
  convertDone: ['{0}, {1}', '{0}，{1}'],
  convertCost: ['{0} matrices were stored in 8 bits; the largest error of one is {1} of its size.', '{0} 个矩阵以 8 位存储；误差最大的一个为其大小的 {1}。'],
  convertExact: ['All matrices were stored exactly.', '所有矩阵均精确存储。'],
  convertReport: ['The report is {0}', '报告：{0}'],
  convertMatrices: ['Error of every matrix', '各矩阵的误差'],
  dialect: ['Dialect', '方言'],
  dialect_port: ['Hugging Face and PyTorch', 'Hugging Face 与 PyTorch'],
  dialect_keras: ['bert4keras', 'bert4keras'],
  dialect_google: ['Google’s BERT', '谷歌原版 BERT'],
  matrix: ['Matrix', '矩阵'],
  stored: ['Stored as', '存储类型'],
  error: ['Error', '误差'],
  modelIs: ['Model: {0}', '模型：{0}'],
  text: ['Text', '文本'],
  pair: ['Second text', '第二段文本'],
  pairAdd: ['Add a second text', '添加第二段文本'],
  pairRemove: ['Remove the second text', '去掉第二段文本'],
  textHint: ['Type or paste a text. [MASK] is filled.', '输入或粘贴文本，[MASK] 会被填上。'],
  answer: ['Answer', '结果'],
  nothing: ['Nothing has been typed yet.', '还没有输入。'],
  rests: ['What it rests on', '依据'],
  restsNote: ['Orange: without it the score falls. Blue: it rises.', '橙色：去掉后分数下降；蓝色：去掉后分数上升。'],
  restsMost: ['Most: {0}', '影响最大：{0}'],
  tokens: ['Tokens', '词元'],
  tokensOf: ['{0} of {1} tokens', '{1} 个词元中的 {0} 个'],
  tokensAll: ['{0} tokens', '{0} 个词元'],
  masks: ['Filled masks', '填空'],
  entities: ['Entities', '实体'],
  attention: ['Attention', '注意力'],
  attentionNote: ['How much each token (row) takes of each other (column) in a layer.', '某一层中每个词元（行）从其他词元（列）取得多少。'],
  attentionShow: ['Show the map', '显示注意力图'],
  layer: ['Layer', '层'],
  head: ['Head', '头'],
  headMean: ['mean of all', '所有头的平均'],
  open: ['Open a file …', '打开文件…'],
  openTitle: ['Open a file', '打开文件'],
  modelTitle: ['Open a model', '打开模型'],
  saveTitle: ['Save the results', '保存结果'],
  drop: ['or drop one here: JSON Lines, CSV, TSV, text, Parquet or Arrow', '或把文件拖到这里：JSON Lines、CSV、TSV、文本、Parquet 或 Arrow'],
  copying: ['{0} ({1}) is copied …', '正在复制 {0}（{1}）…'],
  copies: ['Copies of dropped files take {0}.', '拖入文件的副本占用 {0}。'],
  path: ['Path', '路径'],
  up: ['Up', '上一级'],
  folder: ['Folder', '文件夹'],
  file: ['File', '文件'],
  size: ['Size', '大小'],
  cancel: ['Cancel', '取消'],
  close: ['Close', '关闭'],
  choose: ['Open', '打开'],
  save: ['Save', '保存'],
  saveAs: ['Save as …', '另存为…'],
  saved: ['Saved: {0}', '已保存：{0}'],
  replace: ['Replace the file that is there', '替换已有文件'],
  format: ['Format', '格式'],
  preview: ['Columns and first rows', '列与前几行'],
  textColumn: ['Column of the text', '文本列'],
  pairColumn: ['Column of a second text', '第二段文本的列'],
  idColumn: ['Column of the id', '编号列'],
  none: ['none', '无'],
  encoding: ['Encoding', '编码'],
  auto: ['automatic', '自动'],
  task: ['Task', '任务'],
  taskScore: ['Score', '打分'],
  taskFill: ['Fill masks', '填空'],
  start: ['Start', '开始'],
  resume: ['Go on', '继续'],
  remove: ['Remove', '删除'],
  removeAsk: ['Remove this job and its results?', '删除此任务及其结果？'],
  show: ['Show the table', '显示表格'],
  back: ['All tables', '所有表格'],
  folderCut: ['There are more files; type the path of one.', '还有更多文件；可直接输入路径。'],
  noJobs: ['No tables yet. Open a file to score it.', '还没有表格。打开一个文件来打分。'],
  state_waiting: ['waiting', '等待中'],
  state_running: ['running', '进行中'],
  state_stopped: ['stopped', '已停止'],
  state_done: ['done', '完成'],
  state_failed: ['failed', '失败'],
  progress: ['{0} records, {1}/s', '{0} 条，每秒 {1} 条'],
  left: ['{0} left', '剩余 {0}'],
  counts: ['{0} records, {1} rejected, {2} truncated', '{0} 条，拒绝 {1} 条，截断 {2} 条'],
  labels: ['Labels', '标签'],
  scores: ['Scores', '分数'],
  chartBars: ['{0} bars, at most {1}', '{0} 个条形，最多 {1}'],
  chartLabels: ['{0} labels', '{0} 个标签'],
  number: ['Row', '行号'],
  label: ['Label', '标签'],
  score: ['Score', '分数'],
  shown: ['{0} of {1} rows', '{1} 行中的 {0} 行'],
  filterText: ['Text has', '文本包含'],
  filterFrom: ['Score from', '分数不低于'],
  filterTo: ['Score to', '分数不高于'],
  filterLabels: ['Labels', '标签'],
  filterAll: ['all', '全部'],
  filterRejected: ['Only rejected rows', '只看被拒绝的行'],
  clear: ['Show all', '显示全部'],
  row: ['Row {0}', '第 {0} 行'],
  search: ['Search by meaning', '按意思搜索'],
  searchPrepare: ['Make the vectors first', '先计算向量'],
  searchNote: ['Finds rows that mean what you ask for, whatever their words.', '查找意思相近的行，不论用词。'],
  found: ['Closest rows', '最接近的行'],
  loading: ['loading …', '加载中…'],
  rejected: ['rejected', '被拒绝'],
  fault_gone: ['The program has ended. Start it again; what was done is kept.', '程序已结束。请重新启动；已完成的部分都保留着。'],
  fault_token: ['This window is not the program’s own any more. Start the program again.', '此窗口已不属于该程序，请重新启动程序。'],
  fault_too_large: ['The file is larger than 2 GB: open it by its path.', '文件超过 2 GB：请按路径打开。'],
  fault_text_too_large: ['The text is longer than 1 MB: save it as a file, and open that under Tables.', '文本超过 1 MB：请存为文件，在“表格”中打开。'],
};

let language = navigator.language.startsWith('zh') ? 1 : 0;

/** A word, with what stands in its places {0}, {1} … */
export const t = (key, ...values) =>
  WORDS[key][language].replace(/\{(\d)\}/g, (_, i) => values[i]);

export const isKnown = key => key in WORDS;

export const code = () => language === 1 ? 'zh-CN' : 'en';

export function switchLanguage() {
  language = 1 - language;
}

export const count = number => number.toLocaleString(code());

export const percent = number => (100 * number).toLocaleString(code(), { maximumFractionDigits: 1, minimumFractionDigits: 1 }) + ' %';

export function bytes(number) {
  const units = ['B', 'KB', 'MB', 'GB', 'TB'];
  let i = 0;
  for (; number >= 1000 && i < units.length - 1; i++) number /= 1000;
  return number.toLocaleString(code(), { maximumFractionDigits: number < 10 && i > 0 ? 1 : 0 }) + ' ' + units[i];
}

export function duration(seconds) {
  const s = Math.ceil(seconds);
  const parts = [Math.floor(s / 3600), Math.floor(s / 60) % 60, s % 60];
  return (parts[0] > 0 ? parts : parts.slice(1)).map((part, i) => i === 0 ? part : String(part).padStart(2, '0')).join(':');
}
