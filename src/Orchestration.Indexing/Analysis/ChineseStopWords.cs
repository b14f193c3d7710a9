using Lucene.Net.Analysis.Util;
using Lucene.Net.Util;

namespace Orchestration.Indexing.Analysis;

/// <summary>Characters and pairs that hold Chinese sentences and questions together and say nothing about what they are about.</summary>
internal static class ChineseStopWords
{
    private const string Characters =
        "的 了 是 在 和 与 及 或 也 都 而 着 被 把 之 其 这 那 吗 呢 吧 啊 谁 哪 么 什 于 为 以 就 并 等 从 到 由 对 将 还 则";

    private const string Pairs =
        "什么 哪些 哪个 哪里 哪一 怎么 怎样 如何 为何 多少 是否 以及 因为 所以 但是 这个 那个 一个 是什 是谁 是哪 有什 有哪 的是 在哪 为什 了什 了哪 是多 有多";

    public static CharArraySet Set { get; } = new(LuceneVersion.LUCENE_48, $"{Characters} {Pairs}".Split(' '), ignoreCase: false);
}
