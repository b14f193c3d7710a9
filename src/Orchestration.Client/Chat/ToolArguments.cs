using System.Text.Json;

namespace Orchestration.Client.Chat;

/// <summary>Arguments and results of tool calls as JSON text.</summary>
internal static class ToolArguments
{
    public static string Write(IDictionary<string, object?>? arguments) => JsonSerializer.Serialize(arguments ?? new Dictionary<string, object?>());

    public static string WriteResult(object? result) => result as string ?? JsonSerializer.Serialize(result);

    /// <summary>Null when the model wrote something that is no JSON object.</summary>
    public static IDictionary<string, object?>? Read(string arguments)
    {
        try
        {
            return JsonSerializer.Deserialize<Dictionary<string, object?>>(arguments.Length == 0 ? "{}" : arguments);
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
