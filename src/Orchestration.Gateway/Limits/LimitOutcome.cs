using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Gateway.Limits;

/// <summary>What the limits say to a request.</summary>
/// <param name="Refusal">Why it may not go on; null when it may.</param>
/// <param name="Levels">Every limit that it counts against, as it stands now.</param>
internal sealed record LimitOutcome(Failure? Refusal, IReadOnlyList<LimitLevel> Levels);

/// <summary>How one limit stands.</summary>
/// <param name="Counter">The limit.</param>
/// <param name="Left">What is left of it.</param>
/// <param name="ResetMilliseconds">Until it has room for the request that it refuses, or else until it is whole again.</param>
internal sealed record LimitLevel(LimitCounter Counter, long Left, long ResetMilliseconds);
