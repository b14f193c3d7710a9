using Orchestration.Contracts.Identity.V1;
using Orchestration.Gateway.Http;

namespace Orchestration.Gateway.Execution;

/// <summary>What an entry point knows of a request besides its content.</summary>
/// <param name="Identity">Id and start.</param>
/// <param name="Purpose">What the work is for.</param>
/// <param name="EndUser">The end user's id as the client sent it, or already hashed by another service; empty when none.</param>
/// <param name="SessionId">Session id given by the client; empty when none.</param>
/// <param name="Streamed">True when the client asked for a stream.</param>
/// <param name="Tags">Labels for reports.</param>
internal sealed record RequestDetails(
    RequestIdentity Identity,
    Purpose Purpose,
    string EndUser,
    string SessionId,
    bool Streamed,
    IReadOnlyDictionary<string, string> Tags);
