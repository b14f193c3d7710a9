using Orchestration.Contracts.Errors.V1;

namespace Orchestration.Protocols.OpenAI;

/// <summary>Failures that are the client's own.</summary>
internal static class RequestFailures
{
    public static Failure InvalidJson(string reason) => Invalid("invalid_json", reason, "");

    public static Failure Invalid(string code, string message, string param) => new()
    {
        FailureClass = FailureClass.InvalidRequest,
        Code = code,
        Message = message,
        Param = param,
    };
}
