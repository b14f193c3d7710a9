using Orchestration.Routing.Classification;

namespace Orchestration.Benchmarks.Micro;

/// <summary>The trained classifier on prompts of 2,000 characters.</summary>
internal static class ClassifierParts
{
    public const string English = "classify 2,000 English characters";
    public const string Chinese = "classify 2,000 Chinese characters";
    private const int Length = 2_000;

    public static IEnumerable<Func<MicroFigure>> All()
    {
        var model = GainModel.ReadShipped();
        var english = Repeated("Compare the two proposals below, explain which of them costs less over 12 months (show the sums), and say why.\n- Plan A: $30 + 5% tax\n");
        var chinese = Repeated("请比较下面两个方案，说明哪一个在十二个月内花费更少，并解释原因。方案一：每月三十元，另加税。\n");
        yield return () => MicroLoop.Run(English, 1, () => model.Gain(english, out _));
        yield return () => MicroLoop.Run(Chinese, 1, () => model.Gain(chinese, out _));
    }

    private static string Repeated(string text) => string.Concat(Enumerable.Repeat(text, (Length / text.Length) + 1))[..Length];
}
