using System.Text.Json;
using Orchestration.Contracts.Chat.V1;
using Orchestration.Contracts.Pricing.V1;
using Orchestration.Protocols.OpenAI;

namespace Orchestration.Protocols.Answers;

/// <summary>What plain and streamed answers of a collection share.</summary>
internal static class AnswerWriter
{
    /// <summary>Writes what is known at the end, into an object that the caller has begun.</summary>
    public static void WriteEnd(Utf8JsonWriter writer, Grounded? grounded, Finish? finish, Usage? usage, OrchestrationFacts? facts)
    {
        if (grounded is not null)
            GroundedWriter.WriteMembers(writer, grounded);
        writer.WriteString("finish_reason"u8, FinishReasons.Name(finish?.Reason ?? FinishReason.Stop));
        AnswerWriting.WriteUsage(writer, usage);
        // What it rests on stands beside it here.
        if (facts is not null)
            AnswerWriting.WriteFacts(writer, facts with { Grounded = null });
    }
}
