using Orchestration.Gateway.Caching.Semantic;

namespace Orchestration.Gateway.Tests.Caching.Semantic;

/// <summary>Questions of a shop: the same wish in two wordings, or two wishes.</summary>
internal static class SampleQuestions
{
    private static readonly string[] Wishes = ["return", "track", "cancel", "exchange", "insure", "collect", "reorder", "repair"];
    private static readonly string[] Things = ["parcel", "sofa", "laptop", "jacket", "lamp", "guitar", "kettle", "bicycle"];

    /// <summary>Samples of which every ninth is of two wishes. How near they are tells nothing; which words differ does.</summary>
    public static List<ShadowSample> Take(int count, Func<int, bool>? agreed = null) => [.. Enumerable.Range(0, count).Select(number =>
    {
        var isSame = number % 9 != 0;
        var (asked, answered) = Pair(number, isSame);
        var nearness = 0.35f + (0.6f * (number * 7919 % 101) / 101);
        return new ShadowSample(asked, answered, nearness, new Surroundings(nearness, 0.5f), agreed?.Invoke(number) ?? isSame);
    })];

    private static (QuestionText Asked, QuestionText Answered) Pair(int number, bool same)
    {
        var (wish, thing) = (Wishes[number % Wishes.Length], Things[number / Wishes.Length % Things.Length]);
        var other = same ? wish : Wishes[(number + 3) % Wishes.Length];
        var (left, right) = (QuestionText.Read($"I want to {wish} my {thing}")!, QuestionText.Read($"I would like to {other} my {thing}")!);
        return number % 7 < 3 ? (left, right) : (right, left);
    }
}
