using Orchestration.Simulator.Chat;

namespace Orchestration.Simulator.Dialects;

/// <summary>Ids of tool calls in the form of a dialect: each belongs to the id that the composer has given.</summary>
internal static class CallIds
{
    public static string From(AnswerToolCall call, string prefix, int length)
    {
        var hash = new StableHash();
        hash.Add(call.Id);
        var random = new StableRandom(hash.Value);
        return prefix + AnswerIds.Letters(ref random, length);
    }
}
