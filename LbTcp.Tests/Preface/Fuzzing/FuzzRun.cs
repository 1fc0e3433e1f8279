using System.Globalization;
using System.Text;

namespace LbTcp.Tests.Preface.Fuzzing;

/// <summary>Tries inputs that are made from a seed, so that every failure can be repeated.</summary>
internal static class FuzzRun
{
    /// <summary>Tries <paramref name="inputs"/> inputs.</summary>
    /// <returns>How many there were of each kind, as a table.</returns>
    /// <exception cref="InvalidOperationException">The parser has a defect; tells the input.</exception>
    public static string Run(IFuzzTarget target, long inputs, int seed)
    {
        var random = new Random(seed);
        var outcomes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        byte[] other = target.CreateValid(random);
        for (long number = 0; number < inputs; number++)
        {
            byte[] valid = target.CreateValid(random);
            byte[] input = Mutation.Mutate([.. valid], other, random);
            other = valid;
            string outcome;
            try
            {
                outcome = target.Check(input, random);
            }
            catch (Exception defect)
            {
                throw new InvalidOperationException(
                    $"{target.Name}, seed {seed}, input {number}: {defect.Message}\n{Convert.ToHexString(input)}", defect);
            }

            outcomes[outcome] = outcomes.GetValueOrDefault(outcome) + 1;
        }

        var report = new StringBuilder(string.Create(CultureInfo.InvariantCulture, $"{target.Name}: {inputs} inputs, seed {seed}\n"));
        foreach ((string outcome, long count) in outcomes)
            _ = report.Append(CultureInfo.InvariantCulture, $"{count,12}  {outcome}\n");
        return $"{report}";
    }
}
