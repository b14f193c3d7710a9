using System.Text.Encodings.Web;
using System.Text.Json;

namespace Orchestration.Simulator.Wire;

internal static class WireJson
{
    /// <summary>Vendors write Chinese as UTF-8, not as escapes.</summary>
    public static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping, SkipValidation = true };
}
