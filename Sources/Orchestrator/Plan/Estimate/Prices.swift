/// List prices in US dollars, without free tiers, discounts and taxes. Other regions cost up to twice as much.
///
/// Held against their sources on 27 November 2026.
enum Prices {
    static let region = "us-east-1"
    static let date = "2026-11-27"

    /// On-demand tables of the standard class, since 1 November 2024: https://aws.amazon.com/dynamodb/pricing/on-demand/
    static let millionWriteUnits = 0.625
    /// The same page.
    static let millionReadUnits = 0.125
    /// Export to S3, by the table's size. The same page.
    static let gibibyteExported = 0.10
    /// Import from S3, by the uncompressed size of what is read. The same page.
    static let gibibyteImported = 0.15
    /// x86, first tier: https://aws.amazon.com/lambda/pricing/
    static let gibibyteSecond = 0.000_016_666_7
    /// Invocations. The same page.
    static let millionInvocations = 0.20
    /// State transitions of standard workflows: https://aws.amazon.com/step-functions/pricing/
    static let thousandTransitions = 0.025
}
