using Google.Protobuf;
using Orchestration.Contracts.Chat.V1;

namespace Orchestration.Gateway.Execution;

/// <summary>How answers of a kind, which come as one message, carry who answered and what it took.</summary>
/// <param name="Parser">Reads one.</param>
/// <param name="Facts">Who answered, and what it took.</param>
/// <param name="Enter">Enters both, or takes both out.</param>
internal sealed record PlainAnswers<TAnswer>(
    MessageParser<TAnswer> Parser,
    Func<TAnswer, (ResponseStarted Started, Summary Summary)> Facts,
    Action<TAnswer, ResponseStarted?, Summary?> Enter) where TAnswer : class, IMessage<TAnswer>;
