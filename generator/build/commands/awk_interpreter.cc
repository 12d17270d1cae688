#include "generator/build/commands/awk_interpreter.h"

#include <cmath>

namespace watertight::generator::commands::awk {

using Kind = Expression::Kind;

Interpreter::Interpreter(const Program& program, Machine& machine)
    : program_(program), machine_(machine), in_range_(program.rules.size()) {
  for (const Function& function : program.functions) functions_[function.name] = &function;
}

int Interpreter::Run() {
  bool reads = false;
  for (const Rule& rule : program_.rules) reads = reads || rule.kind != Rule::Kind::kBegin;
  try {
    RunRules(Rule::Kind::kBegin);
    std::string record;
    while (reads && machine_.NextRecord(record) > 0) {
      machine_.SetRecord(record);
      RunRecord();
    }
  } catch (const Exit&) {
  }
  try {
    if (reads) RunRules(Rule::Kind::kEnd);
  } catch (const Exit&) {
  }
  machine_.CloseAll();
  return status_;
}

void Interpreter::RunRules(Rule::Kind kind) {
  for (const Rule& rule : program_.rules) {
    if (rule.kind == kind) Execute(*rule.action);
  }
}

bool Interpreter::Matches(const Rule& rule, std::size_t index) {
  if (rule.kind != Rule::Kind::kRange) {
    return rule.patterns.empty() || Evaluate(*rule.patterns[0]).IsTrue();
  }
  if (!in_range_[index] && !Evaluate(*rule.patterns[0]).IsTrue()) return false;
  in_range_[index] = !Evaluate(*rule.patterns[1]).IsTrue();
  return true;
}

void Interpreter::RunRecord() {
  try {
    for (std::size_t i = 0; i < program_.rules.size(); ++i) {
      const Rule& rule = program_.rules[i];
      if (rule.kind == Rule::Kind::kBegin || rule.kind == Rule::Kind::kEnd) continue;
      if (!Matches(rule, i)) continue;
      if (rule.action == nullptr) {
        machine_.Print(machine_.AsText(machine_.Field(0)) + machine_.TextOf("ORS"), "", "");
      } else {
        Execute(*rule.action);
      }
    }
  } catch (const NextRecord& next) {
    if (next.of_next_file) machine_.SkipFile();
  }
}

// Statements.

Interpreter::Flow Interpreter::Execute(const Statement& statement) {
  machine_.process().machine().Step();
  switch (statement.kind) {
    case Statement::Kind::kExpression:
      Evaluate(*statement.expressions[0]);
      return Flow::kNormal;
    case Statement::Kind::kPrint:
    case Statement::Kind::kPrintf:
      Print(statement);
      return Flow::kNormal;
    case Statement::Kind::kBlock:
      return ExecuteBlock(statement);
    case Statement::Kind::kIf: {
      const bool holds = Evaluate(*statement.expressions[0]).IsTrue();
      const std::size_t branch = holds ? 0 : 1;
      if (branch >= statement.statements.size() || statement.statements[branch] == nullptr) {
        return Flow::kNormal;
      }
      return Execute(*statement.statements[branch]);
    }
    case Statement::Kind::kWhile:
    case Statement::Kind::kDo:
    case Statement::Kind::kFor:
      return ExecuteLoop(statement);
    case Statement::Kind::kForIn:
      return ExecuteForIn(statement);
    case Statement::Kind::kDelete:
      Delete(*statement.expressions[0]);
      return Flow::kNormal;
    case Statement::Kind::kBreak:
      return Flow::kBreak;
    case Statement::Kind::kContinue:
      return Flow::kContinue;
    case Statement::Kind::kReturn:
      returned_ = statement.expressions.empty() ? Value() : Evaluate(*statement.expressions[0]);
      return Flow::kReturn;
    default:
      Leave(statement);
  }
}

void Interpreter::Leave(const Statement& statement) {
  if (statement.kind == Statement::Kind::kNext) throw NextRecord{};
  if (statement.kind == Statement::Kind::kNextFile) throw NextRecord{.of_next_file = true};
  if (!statement.expressions.empty()) {
    status_ = static_cast<int>(Number(*statement.expressions[0])) & 0xff;
  }
  throw Exit{};
}

Interpreter::Flow Interpreter::ExecuteBlock(const Statement& statement) {
  for (const StatementPointer& each : statement.statements) {
    const Flow flow = Execute(*each);
    if (flow != Flow::kNormal) return flow;
  }
  return Flow::kNormal;
}

Interpreter::Flow Interpreter::ExecuteLoop(const Statement& statement) {
  const bool is_for = statement.kind == Statement::Kind::kFor;
  const Statement* begin = is_for ? statement.statements[0].get() : nullptr;
  const Statement* step = is_for ? statement.statements[1].get() : nullptr;
  const Statement* body = statement.statements[is_for ? 2 : 0].get();
  const auto holds = [&] {
    return statement.expressions.empty() || Evaluate(*statement.expressions[0]).IsTrue();
  };
  if (begin != nullptr) Execute(*begin);
  bool first = statement.kind == Statement::Kind::kDo;
  while (first || holds()) {
    first = false;
    machine_.process().machine().Step();
    const Flow flow = body == nullptr ? Flow::kNormal : Execute(*body);
    if (flow == Flow::kBreak) break;
    if (flow == Flow::kReturn) return flow;
    if (step != nullptr) Execute(*step);
  }
  return Flow::kNormal;
}

Interpreter::Flow Interpreter::ExecuteForIn(const Statement& statement) {
  const Cell& cell = CellOf(*statement.expressions[1]);
  if (cell.array == nullptr) return Flow::kNormal;
  const std::shared_ptr<Array> array = cell.array;
  if (!machine_.busybox() && array->elements.size() > 1) {
    NotModelled("awk for (… in …) of several keys, in mawk's order");
  }
  for (const std::string& key : array->Keys()) {
    Assign(*statement.expressions[0], Value::FromInput(key));
    const Statement* body = statement.statements[0].get();
    const Flow flow = body == nullptr ? Flow::kNormal : Execute(*body);
    if (flow == Flow::kBreak) break;
    if (flow == Flow::kReturn) return flow;
  }
  return Flow::kNormal;
}

void Interpreter::Print(const Statement& statement) {
  std::size_t count = statement.expressions.size();
  std::string target;
  if (!statement.redirection.empty()) target = Text(*statement.expressions[--count]);
  std::string text;
  if (statement.kind == Statement::Kind::kPrintf) {
    std::vector<Value> values;
    for (std::size_t i = 1; i < count; ++i) values.push_back(Evaluate(*statement.expressions[i]));
    text = Formatted(machine_, Text(*statement.expressions[0]), values);
  } else {
    const std::string format = machine_.TextOf("OFMT");
    if (count == 0) text = machine_.AsText(machine_.Field(0));
    for (std::size_t i = 0; i < count; ++i) {
      if (i > 0) text += machine_.TextOf("OFS");
      text += Evaluate(*statement.expressions[i]).Text(format);
    }
    text += machine_.TextOf("ORS");
  }
  machine_.Print(text, statement.redirection, target);
}

void Interpreter::Delete(const Expression& target) {
  Array& array = CellOf(target).AsArray();
  if (target.kind == Kind::kElement) {
    array.elements.erase(KeyOf(target));
  } else {
    array.elements.clear();
  }
}

// Variables.

Cell& Interpreter::CellOf(const Expression& variable) {
  if (variable.kind != Kind::kVariable && variable.kind != Kind::kElement) {
    throw RuntimeError{"what is no array is used as one"};
  }
  if (variable.slot >= 0 && frame_ != nullptr) {
    return (*frame_)[static_cast<std::size_t>(variable.slot)];
  }
  return machine_.Global(variable.text);
}

std::string Interpreter::KeyOf(const Expression& element) {
  std::string key;
  for (std::size_t i = 0; i < element.children.size(); ++i) {
    if (i > 0) key += machine_.TextOf("SUBSEP");
    key += Text(*element.children[i]);
  }
  return key;
}

Value Interpreter::Assign(const Expression& target, Value value) {
  switch (target.kind) {
    case Kind::kField: {
      const double number = Number(*target.children[0]);
      if (number < 0) throw RuntimeError{"negative field index"};
      machine_.SetField(static_cast<std::size_t>(number), value);
      break;
    }
    case Kind::kElement: {
      const std::string key = KeyOf(target);
      CellOf(target).AsArray().At(key) = value;
      break;
    }
    default:
      if (target.slot >= 0) {
        CellOf(target).value = value;
      } else {
        machine_.Set(target.text, value);
      }
  }
  return value;
}

double Interpreter::Arithmetic(const Expression& expression, double left, double right) {
  const char sign = expression.text[0];
  const bool divides = sign == '/' || sign == '%';
  // mawk goes on with what the processor makes of it.
  if (divides && right == 0 && machine_.busybox()) {
    throw RuntimeError{"Division by zero", expression.line};
  }
  switch (sign) {
    case '+':
      return left + right;
    case '-':
      return left - right;
    case '*':
      return left * right;
    case '/':
      return left / right;
    case '%':
      return std::fmod(left, right);
    default:
      machine_.NeedMathematics(expression.line);
      return std::pow(left, right);
  }
}

Value Interpreter::AssignWith(const Expression& expression) {
  const Expression& target = *expression.children[0];
  Value value = Evaluate(*expression.children[1]);
  if (!expression.text.empty()) {
    value = Value(Arithmetic(expression, Number(target), value.Number()));
  }
  return Assign(target, std::move(value));
}

Value Interpreter::Increase(const Expression& expression) {
  const Expression& target = *expression.children[0];
  const double before = Number(target);
  const bool prefix = expression.text.ends_with('x');
  const double after = before + (expression.text.find('+') != std::string::npos ? 1 : -1);
  Assign(target, Value(after));
  return Value(prefix ? after : before);
}

Value Interpreter::In(const Expression& expression) {
  const Expression& left = *expression.children[0];
  const std::string key = left.kind == Kind::kGroup ? KeyOf(left) : Text(left);
  const Cell& cell = CellOf(*expression.children[1]);
  return Value(cell.array != nullptr && cell.array->elements.contains(key) ? 1.0 : 0.0);
}

Value Interpreter::Getline(const Expression& expression) {
  std::string record;
  int result = 0;
  std::size_t target = 1;
  if (expression.text == "<") {
    result = machine_.NextFromFile(Text(*expression.children[0]), record);
  } else if (expression.text == "|") {
    result = machine_.NextFromCommand(Text(*expression.children[0]), record);
  } else {
    result = machine_.NextRecord(record);
    target = 0;
  }
  if (result > 0 && target < expression.children.size()) {
    Assign(*expression.children[target], Value::FromInput(record));
  } else if (result > 0) {
    machine_.SetRecord(record);
  }
  return Value(static_cast<double>(result));
}

std::string Interpreter::RegexText(const Expression& expression) {
  return expression.kind == Kind::kRegex ? expression.text : Text(expression);
}

bool Interpreter::MatchesRegex(const Expression& text, const Expression& regex) {
  const std::string subject = Text(text);
  return machine_.RegexOf(RegexText(regex)).Search(subject, 0).has_value();
}

Value Interpreter::Evaluate(const Expression& expression) {
  const auto& children = expression.children;
  const auto truth = [](bool holds) { return Value(holds ? 1.0 : 0.0); };
  switch (expression.kind) {
    case Kind::kNumber:
      return Value(expression.number);
    case Kind::kString:
      return Value(expression.text);
    case Kind::kRegex:
      return truth(machine_.RegexOf(expression.text)
                       .Search(machine_.AsText(machine_.Field(0)), 0)
                       .has_value());
    case Kind::kVariable:
      return expression.slot >= 0 ? CellOf(expression).value : machine_.Get(expression.text);
    case Kind::kField: {
      const double number = Number(*children[0]);
      if (number < 0) throw RuntimeError{"negative field index"};
      return machine_.Field(static_cast<std::size_t>(number));
    }
    case Kind::kElement: {
      const std::string key = KeyOf(expression);
      return CellOf(expression).AsArray().At(key);
    }
    case Kind::kGroup:
      return Evaluate(*children[0]);
    case Kind::kAssign:
      return AssignWith(expression);
    case Kind::kCondition:
      return Evaluate(*children[Evaluate(*children[0]).IsTrue() ? 1 : 2]);
    case Kind::kAnd:
      return truth(Evaluate(*children[0]).IsTrue() && Evaluate(*children[1]).IsTrue());
    case Kind::kOr:
      return truth(Evaluate(*children[0]).IsTrue() || Evaluate(*children[1]).IsTrue());
    case Kind::kNot:
      return truth(!Evaluate(*children[0]).IsTrue());
    case Kind::kNegative:
      return Value(-Number(*children[0]));
    case Kind::kPositive:
      return Value(Number(*children[0]));
    case Kind::kArithmetic: {
      const double left = Number(*children[0]);
      return Value(Arithmetic(expression, left, Number(*children[1])));
    }
    case Kind::kCompare: {
      const Value left = Evaluate(*children[0]);
      const int order = Compare(left, Evaluate(*children[1]), machine_.ConversionFormat());
      const std::string& sign = expression.text;
      if (sign == "==") return truth(order == 0);
      if (sign == "!=") return truth(order != 0);
      return truth(order == 0 ? sign.size() == 2 : (order < 0) == (sign[0] == '<'));
    }
    case Kind::kMatch:
      return truth(MatchesRegex(*children[0], *children[1]) == (expression.text == "~"));
    case Kind::kConcat: {
      std::string left = Text(*children[0]);
      return Value(left + Text(*children[1]));
    }
    case Kind::kIn:
      return In(expression);
    case Kind::kIncrease:
      return Increase(expression);
    case Kind::kCall:
      return Call(expression);
    case Kind::kBuiltin:
      return CallBuiltin(expression);
    case Kind::kGetline:
      return Getline(expression);
  }
  return {};
}

Value Interpreter::Call(const Expression& call) {
  const auto found = functions_.find(call.text);
  if (found == functions_.end()) {
    if (machine_.busybox()) throw RuntimeError{"Call to undefined function", call.line};
    throw RuntimeError{"function " + call.text + " never defined"};
  }
  const Function& function = *found->second;
  if (call.children.size() > function.parameters) {
    throw RuntimeError{"too many arguments in call to " + call.text};
  }
  if (++depth_ > 200) throw RuntimeError{"function " + call.text + " calls itself too often"};
  std::vector<Cell> frame(function.parameters);
  for (std::size_t i = 0; i < call.children.size(); ++i) {
    const Expression& argument = *call.children[i];
    if (argument.kind != Kind::kVariable) {
      frame[i].value = Evaluate(argument);
      continue;
    }
    // A name may be an array, which the function shares; what is unset may become one.
    Cell& cell = CellOf(argument);
    const Value value = Evaluate(argument);
    if (cell.array != nullptr || value.IsUnset()) {
      cell.AsArray();
      frame[i].array = cell.array;
    }
    frame[i].value = value;
  }
  std::vector<Cell>* outer = frame_;
  frame_ = &frame;
  returned_ = Value();
  Execute(*function.body);
  frame_ = outer;
  --depth_;
  Value result = std::move(returned_);
  returned_ = Value();
  return result;
}

}  // namespace watertight::generator::commands::awk
