using System.Collections.Frozen;
using Orchestration.Contracts.Routing.V1;
using Orchestration.Routing.Policy;

namespace Orchestration.Routing.Classification;

/// <summary>
/// Says how hard a prompt is from words and shape alone. This is the baseline that learned classifiers are measured
/// against: it knows nothing of meaning, and is wrong where an easy question uses hard words.
/// </summary>
internal static class KeywordClassifier
{
    public const string Name = "keywords-1";
    private const double ModerateFrom = 0.34;
    private const double ComplexFrom = 0.67;

    private static readonly FrozenSet<string> HardWords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "prove", "proof", "derive", "derivation", "theorem", "refactor", "architecture", "architect", "optimise", "optimize", "debug", "deadlock",
        "concurrency", "algorithm", "complexity", "tradeoff", "tradeoffs", "trade-off", "trade-offs", "implement", "formal", "integral", "asymptotic",
        "distributed", "migration", "vulnerability", "litigation", "diagnose", "hypothesis", "regression", "simulate", "invariant");

    private static readonly FrozenSet<string> MiddlingWords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "analyse", "analyze", "analysis", "compare", "evaluate", "design", "explain", "why", "plan", "review", "essay", "report", "code", "function",
        "sql", "regex", "contract", "draft", "strategy", "estimate", "calculate", "summarise", "summarize");

    private static readonly FrozenSet<string> EasyWords = FrozenSet.Create(
        StringComparer.OrdinalIgnoreCase,
        "hi", "hello", "thanks", "translate", "rephrase", "spell", "capital", "define", "synonym", "yes", "no", "who", "when", "where", "rewrite", "greet");

    private static readonly string[] HardPhrases = ["证明", "推导", "重构", "架构", "优化", "算法", "死锁", "并发", "分布式", "定理", "复杂度", "权衡", "漏洞", "诊断", "实现一个", "逐步推理", "一步一步", "step by step", "think carefully", "root cause"];
    private static readonly string[] MiddlingPhrases = ["分析", "比较", "对比", "评估", "设计", "解释", "为什么", "方案", "审查", "报告", "代码", "函数", "合同", "策略", "计算", "总结", "起草", "论文"];
    private static readonly string[] EasyPhrases = ["你好", "您好", "谢谢", "翻译", "是什么", "是谁", "什么时候", "哪里", "改写", "润色", "同义词", "what is", "how do you say"];

    public static ClassifyResponse Classify(string text, PromptFeatures? features)
    {
        var shape = ShapeScore(text, features ?? new PromptFeatures());
        var words = WordScore(text);
        var score = Math.Clamp(0.2 + shape.Score + words.Score, 0, 1);
        var requestClass = score < ModerateFrom ? RequestClasses.Simple : score < ComplexFrom ? RequestClasses.Moderate : RequestClasses.Complex;
        return new ClassifyResponse
        {
            RequestClass = requestClass,
            Score = Math.Round(score, 3),
            Reason = $"{Capitalised(words.Reason)}; {shape.Reason}.",
            Classifier = Name,
        };
    }

    private static (double Score, string Reason) WordScore(string text)
    {
        var (hard, middling, easy) = (Count(text, HardPhrases), Count(text, MiddlingPhrases), Count(text, EasyPhrases));
        var (hardSet, middlingSet, easySet) = (
            HardWords.GetAlternateLookup<ReadOnlySpan<char>>(), MiddlingWords.GetAlternateLookup<ReadOnlySpan<char>>(), EasyWords.GetAlternateLookup<ReadOnlySpan<char>>());
        for (var i = 0; i < text.Length;)
        {
            var end = i;
            while (end < text.Length && (char.IsAsciiLetter(text[end]) || (text[end] == '-' && end > i))) end++;
            if (end > i)
            {
                var word = text.AsSpan(i, end - i);
                if (hardSet.Contains(word)) hard++;
                else if (middlingSet.Contains(word)) middling++;
                else if (easySet.Contains(word)) easy++;
            }

            i = end + 1;
        }

        var score = Math.Min(hard, 3) * 0.24 + Math.Min(middling, 3) * 0.12 - Math.Min(easy, 2) * 0.08;
        return (score, $"{hard} hard, {middling} middling and {easy} easy word(s)");
    }

    private static (double Score, string Reason) ShapeScore(string text, PromptFeatures features)
    {
        var score = 0.0;
        var marks = new List<string>();
        // A Chinese character says about as much as four others.
        var weight = Math.Max(text.Length + 3 * CountCjk(text), features.OtherCharacters + 4 * features.CjkCharacters);
        Mark(weight > 24_000, 0.3, "a very long prompt");
        Mark(weight is > 6_000 and <= 24_000, 0.18, "a long prompt");
        Mark(weight is > 1_200 and <= 6_000, 0.1, "a prompt of some length");
        Mark(weight < 80, -0.06, "a short prompt");
        Mark(text.Contains("```", StringComparison.Ordinal), 0.14, "a block of code");
        Mark(text.Count(c => c == '\n') > 20, 0.06, "many lines");
        Mark(features.ToolCount > 0, 0.1, "tools");
        Mark(features.ToolCount > 5, 0.08, "many tools");
        Mark(features.ImageCount > 0, 0.08, "images");
        Mark(features.JsonSchema, 0.06, "a JSON schema");
        Mark(features.MessageCount > 12, 0.08, "a long conversation");
        return (score, marks.Count == 0 ? "nothing special in its shape" : string.Join(", ", marks));

        void Mark(bool holds, double points, string reason)
        {
            if (!holds) return;
            score += points;
            marks.Add(reason);
        }
    }

    private static int Count(string text, string[] phrases) => phrases.Count(p => text.Contains(p, StringComparison.OrdinalIgnoreCase));

    private static int CountCjk(string text) => text.Count(c => c is >= '\u2E80' and <= '\u9FFF' or >= '\uAC00' and <= '\uD7AF');

    private static string Capitalised(string text) => char.ToUpperInvariant(text[0]) + text[1..];
}
