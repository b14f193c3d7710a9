using Orchestration.Contracts.Errors.V1;
using Orchestration.Gateway.Errors;

namespace Orchestration.Gateway.Authentication;

/// <summary>Endpoint metadata: what a key must be allowed to do. An endpoint for clients that says nothing of it serves nobody.</summary>
/// <param name="Scope">The scope, with the values of the route in place of their names in braces; null serves every active key.</param>
internal sealed record ScopeRequirement(string? Scope)
{
    /// <summary>Why a caller may not use the endpoint of a request, or null.</summary>
    public static Failure? Refuse(HttpContext context, Caller caller)
    {
        if (context.GetEndpoint()?.Metadata.GetMetadata<ScopeRequirement>() is not { } requirement)
            return Failures.PermissionDenied("scope_missing", "No API key may do this.");
        return requirement.Scope is not { } scope || caller.Access.Allows(Fill(scope, context))
            ? null
            : Failures.PermissionDenied("scope_missing", $"The API key may not do this: it lacks the scope '{Fill(scope, context)}'.");
    }

    private static string Fill(string scope, HttpContext context)
    {
        var start = scope.IndexOf('{', StringComparison.Ordinal);
        return start < 0 ? scope : string.Concat(scope.AsSpan(0, start), context.GetRouteValue(scope[(start + 1)..^1]) as string);
    }
}

internal static class ScopeExtensions
{
    public static TBuilder RequireScope<TBuilder>(this TBuilder endpoints, string scope) where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new ScopeRequirement(scope));

    public static TBuilder AllowEveryScope<TBuilder>(this TBuilder endpoints) where TBuilder : IEndpointConventionBuilder =>
        endpoints.WithMetadata(new ScopeRequirement((string?)null));
}
